"""方案: a programme as data. ``schema`` holds the dataclasses, ``validate`` the rules, ``fields`` the forms made from them."""
