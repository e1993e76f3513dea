/** As `Deadlocks guide` (learn.microsoft.com/sql/relational-databases/sql-server-deadlocks-guide) shows one. */
export const deadlock = `<deadlock>
  <victim-list>
    <victimProcess id="process27b9b0b9848" />
  </victim-list>
  <process-list>
    <process id="process27b9b0b9848" taskpriority="0" logused="0" waitresource="KEY: 5:72057594214350848 (1a39e6095155)"
      waittime="1631" ownerId="11088595" transactionname="SELECT" lockMode="S" schedulerid="9" kpid="15336" status="suspended"
      spid="62" sbid="0" ecid="0" priority="0" trancount="0" clientapp="carril" hostname="H" isolationlevel="read committed (2)"
      currentdb="5" currentdbname="carril" lockTimeout="4294967295">
      <executionStack>
        <frame procname="carril.logs.sp_Contar_Fondos_Legado" line="14" stmtstart="76" sqlhandle="0x03">
SELECT COUNT(*) FROM logs.Ejecucion_Fondos WHERE ID_Ejecucion &gt; 0 AND 1e3 &lt; 2    </frame>
        <frame procname="adhoc" line="1" sqlhandle="0x01">unknown</frame>
      </executionStack>
      <inputbuf>
Proc [Database Id = 5 Object Id = 1173579219]   </inputbuf>
    </process>
    <process id="process27b9ee33c28" taskpriority="0" logused="252" waitresource="KEY: 5:72057594214416384 (e5b3d7e750dd)"
      waittime="1631" lockMode="X" spid="58" currentdb="5" isolationlevel="read committed (2)">
      <executionStack />
      <inputbuf>UPDATE x</inputbuf>
    </process>
  </process-list>
  <resource-list>
    <keylock hobtid="72057594214350848" dbid="5" objectname="carril.logs.Ejecuciones" indexname="PK_Ejecuciones" id="lock27b9dd26a00"
      mode="X" associatedObjectId="72057594214350848">
      <owner-list>
        <owner id="process27b9ee33c28" mode="X" />
      </owner-list>
      <waiter-list>
        <waiter id="process27b9b0b9848" mode="S" requestType="wait" />
      </waiter-list>
    </keylock>
    <keylock hobtid="72057594214416384" dbid="5" objectname="carril.logs.Ejecucion_Fondos" indexname="PK_Ejecucion_Fondos"
      id="lock27afa392600" mode="S" associatedObjectId="72057594214416384">
      <owner-list>
        <owner id="process27b9b0b9848" mode="S" />
      </owner-list>
      <waiter-list>
        <waiter id="process27b9ee33c28" mode="X" requestType="wait" />
      </waiter-list>
    </keylock>
  </resource-list>
</deadlock>`;
