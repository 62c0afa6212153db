import os

KEY = "{{secret:telegram}}"
