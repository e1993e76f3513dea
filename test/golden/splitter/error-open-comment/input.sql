SELECT 1
GO
  /* a /* b */
GO
