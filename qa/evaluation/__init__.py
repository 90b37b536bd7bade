"""Scores of a collection on questions with answers; see docs/evaluation.md."""
