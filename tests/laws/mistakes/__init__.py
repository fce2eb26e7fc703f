"""For each rule, functions that make its mistake, without using the code of the rules."""
