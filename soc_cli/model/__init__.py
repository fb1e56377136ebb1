"""What the club talks about: plain values, the rules of fields, the clocks and the errors."""
