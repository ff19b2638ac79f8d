"""A window as an OS process: the real SDK inside; buses, locks and storage in the hub outside."""
