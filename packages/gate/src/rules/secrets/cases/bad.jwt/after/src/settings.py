import os

KEY = "{{secret:jwt}}"
