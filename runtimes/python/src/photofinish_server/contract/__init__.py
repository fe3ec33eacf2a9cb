"""What every target answers, whatever serves it: endpoints, parameters, answers, the judgement of a request."""
