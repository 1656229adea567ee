"""Server-rendered HTML: what people see."""
