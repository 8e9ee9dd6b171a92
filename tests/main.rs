mod yaml;
mod yaml_messages;
mod yaml_print;
