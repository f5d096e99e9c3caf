"""What people and group robots are told, and when: pure rules, and the one door to the robots' services."""
