"""The commands, one file each. Importing this package does nothing; main.py knows them all."""
