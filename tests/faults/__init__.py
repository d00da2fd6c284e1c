"""Processes killed, disks filled: what must survive."""
