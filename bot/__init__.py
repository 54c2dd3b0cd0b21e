"""Inside the Rasa process: NLU components, the channel, the stores."""
