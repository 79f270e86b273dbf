"""What every test starts from: no window on anybody's screen, and no judgement by the clock."""

import os

from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# How long an example takes says something of the machine, not of the program.
settings.register_profile("requis", deadline=None)
settings.load_profile("requis")
