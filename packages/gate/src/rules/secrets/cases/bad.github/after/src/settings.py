import os

KEY = "{{secret:github}}"
