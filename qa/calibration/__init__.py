"""Calibration: raw confidence to a probability that holds on one collection of documents."""
