import os

KEY = "{{secret:gitlab}}"
