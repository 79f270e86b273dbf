"""What every test starts from: no window on anybody's screen, unless a test asks for one."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
