"""What the network edge and the films both need of HTTP: reading JSON, answering in JSON."""
