"""Loaders of document kinds whose text has to be taken out of a container first."""
