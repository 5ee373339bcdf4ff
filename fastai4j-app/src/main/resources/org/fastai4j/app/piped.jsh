/set mode piped -quiet
/set prompt piped '' ''
/set format piped pre '|  '
/set format piped post '%n'
/set format piped errorpre '|  '
/set format piped errorpost '%n'
/set format piped name '%1$s'
/set format piped value '%3$s'
/set format piped display ''
/set format piped display '{name} ==> {value}{post}' added,modified,replaced-expression,varvalue-ok-primary
/set truncation piped 1000
