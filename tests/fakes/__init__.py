"""Real servers on loopback that stand in for services outside."""
