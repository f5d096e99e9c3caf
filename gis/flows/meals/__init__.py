"""The kitchen (妈妈厨房): its days, menus and prices, who eats when, the day's list, rounds of deliverers, statements."""
