"""Pinpoint beside its peers: the same documents, questions and embedding model."""
