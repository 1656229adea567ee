"""The settings: one module here, one template and one line of templates/settings/_menu.html for each page."""
