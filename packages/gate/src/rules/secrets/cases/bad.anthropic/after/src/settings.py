import os

KEY = "{{secret:anthropic}}"
