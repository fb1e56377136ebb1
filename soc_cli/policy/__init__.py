"""The club's privacy policy as data, and the guard that binds a connection to one purpose."""
