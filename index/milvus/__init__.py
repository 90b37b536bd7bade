"""An index kept on a Milvus server instead of in a file."""
