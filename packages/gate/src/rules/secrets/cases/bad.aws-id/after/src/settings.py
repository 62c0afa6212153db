import os

KEY = "{{secret:aws-id}}"
