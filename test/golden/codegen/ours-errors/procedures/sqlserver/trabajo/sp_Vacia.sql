-- nothing is made here
SELECT 1;
