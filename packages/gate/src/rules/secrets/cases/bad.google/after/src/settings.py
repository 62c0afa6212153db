import os

KEY = "{{secret:google}}"
