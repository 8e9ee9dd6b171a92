mod diff;
mod yaml;
