"""The image back ends, one by one; what they share is in contracts/."""
