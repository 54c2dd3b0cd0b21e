"""The one public process: identity, the widget's API, the help centre and the staff console."""
