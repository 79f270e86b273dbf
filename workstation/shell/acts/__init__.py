"""What can be done on the reading page: one table of acts, one file for each group.

An act is a row (``Act``) with one handler; its title is a translation, its keys stand in ``resources/keymaps``. Bar,
menu, shortcuts, palette and sheet of keys are all made from ``registry.ACTS``.
"""
