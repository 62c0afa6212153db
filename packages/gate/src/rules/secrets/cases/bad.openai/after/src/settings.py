import os

KEY = "{{secret:openai}}"
