"""Follows a topic of Kafka: each batch of its messages becomes one ingest."""
