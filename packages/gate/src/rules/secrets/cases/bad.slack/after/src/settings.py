import os

KEY = "{{secret:slack}}"
