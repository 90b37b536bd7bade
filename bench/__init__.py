"""Measurements and fits; run each as `python -m bench.NAME`."""
