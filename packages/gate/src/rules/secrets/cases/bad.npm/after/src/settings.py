import os

KEY = "{{secret:npm}}"
