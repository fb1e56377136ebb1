"""The register's memory: the only SQL and the only connection to the file."""
