"""Folders and buckets to which exports are written besides."""

from store.destinations.delivery import Delivered, deliver, tried, withdraw
from store.destinations.registry import Destination, Destinations, Keys

__all__ = ["Delivered", "Destination", "Destinations", "Keys", "deliver", "tried", "withdraw"]
