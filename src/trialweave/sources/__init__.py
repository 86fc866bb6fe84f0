"""What is known of the two services. Requests are planned and answers are read here; nothing is sent."""
