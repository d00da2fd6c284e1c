"""What `promptsheet doctor` looks at: this machine, the services, the endpoints of others."""
