import os

KEY = "{{secret:stripe}}"
