"""The programming interface over HTTP under `/api/v1/`, described in `/api/openapi.json`."""
