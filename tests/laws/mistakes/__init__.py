"""For each rule the ways to make just its mistake, written without the rules' own code."""
