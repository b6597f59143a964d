//! HTTP: webhooks, the simulator page, health, metrics. Turns errors into status codes; decides nothing about seats.
