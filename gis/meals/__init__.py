"""The kitchen (妈妈厨房): days and their cut-off, menus, prices, notes for the cook, rounds; pure."""
