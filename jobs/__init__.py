"""What must be remembered, or goes on after the page is closed."""
