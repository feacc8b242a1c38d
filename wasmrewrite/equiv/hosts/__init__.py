"""Who answers imports while scripts run: the recording host, and functions that the user supplies.

Not here: comparing what was called (``behavior``).
"""
