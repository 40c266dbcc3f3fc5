Console.WriteLine("auditor");
