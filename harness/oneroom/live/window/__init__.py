"""A window as an OS process: the real SDK inside, the hub of buses, locks and storage outside."""
