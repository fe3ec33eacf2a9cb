"""What every model's process does around serving: settings, refusal, listening, the first line of output."""
