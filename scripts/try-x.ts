import { openCitusCluster } from './databases/citus-cluster.ts';
const t=performance.now();
const c = await openCitusCluster({workers: 2, shards: 4});
console.log('up', performance.now()-t);
let u = await c.createDatabase();
for (let i=0;i<3;i++){ const t=performance.now(); const x=await c.createDatabase(); console.log('create', performance.now()-t); const t2=performance.now(); await c.dropDatabase(x); console.log('drop', performance.now()-t2);}
console.log(u);
process.stdin.resume(); process.stdin.on('end', ()=>c.close());
